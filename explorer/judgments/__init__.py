"""What people say of pictures, and what agrees with it.

Its files are imported one by one, so that who votes does not wait for torch.
"""
