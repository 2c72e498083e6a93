"""Packs for carriers: what each one is awarded and carries, and nothing of anybody else."""

from scenarios.packs.writing import Packs, write_packs

__all__ = ["Packs", "write_packs"]
