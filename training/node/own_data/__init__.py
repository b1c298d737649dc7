"""What a member says and proves of data that stay here."""
