"""KuCoin's endpoints as methods, a class for each thing they are about."""
