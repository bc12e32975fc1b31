"""What is done to nights: they are killed, refused by the disk, and timed."""
