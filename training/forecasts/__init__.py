"""Forecasts of a whole book: how many are lost in the next quarter, and where the others will stand."""
