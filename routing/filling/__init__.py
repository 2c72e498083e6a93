"""Goods in a sequence that fills load units best: a quick plan of orders between two places."""
