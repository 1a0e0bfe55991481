"""What the course notebooks import: data, checks, pictures, and the training loop."""
