"""What stands around a lesson: its head, its foot, its keys and its clock."""
