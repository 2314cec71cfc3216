"""Market data on disk: candles as Parquet files by symbol, timeframe and month. Only here polars is imported."""
