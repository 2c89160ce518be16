"""The pages of the diary, one module a subject: each view reads like a receipt."""
