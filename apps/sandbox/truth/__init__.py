"""The true data of the synthetic world: companies, invoices and journeys, before any system records them."""
