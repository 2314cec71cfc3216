"""What goes over KuCoin's wire: one struct an object, exact decimals, tolerant where its own sources disagree."""
