"""What runs on a member's machine: no Django, no database, nothing but the pure cores (DESIGN §1)."""
