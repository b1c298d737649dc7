"""The member's own rules: what is done here, when, how much of it, and by whose leave."""
