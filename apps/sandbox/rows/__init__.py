"""How each upstream system tells of a true invoice: its own names, codes and mistakes. Pure functions."""
