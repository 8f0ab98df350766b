# SPDX-License-Identifier: Apache-2.0
import os
import sys

print("SAYS", sys.argv[1], os.environ["WHO"])
