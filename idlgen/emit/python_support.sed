# A file as lines of an array in C: see python_support.c.
s/\\/\\\\/g
s/"/\\"/g
s/^/    "/
s/$/\\n",/
