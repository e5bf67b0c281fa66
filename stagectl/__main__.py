"""python -m stagectl"""

from stagectl.cli import main

if __name__ == "__main__":
    main()
