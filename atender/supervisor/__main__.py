import sys

from atender.supervisor.demo import main

sys.exit(main())
