"""The rows of each upstream system for a true invoice, with its names, codes and errors. Pure functions."""
