"""The ground that all of Lowhaul stands on: units, errors, findings, tables, solver."""

__version__ = "0.1.0"
