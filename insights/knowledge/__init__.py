"""What the two articles say, and when a sentence of it belongs beside a diary. Plain Python."""
