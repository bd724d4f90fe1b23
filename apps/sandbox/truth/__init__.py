"""What really happened in the made-up world: its companies, invoices and journeys, before any system reports them."""
