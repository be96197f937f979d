"""The page Match: how different can pictures of one PSNR look?"""
