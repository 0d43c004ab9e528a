"""What the end-to-end tests stand on. Real git and the real program; nothing here is mocked."""
