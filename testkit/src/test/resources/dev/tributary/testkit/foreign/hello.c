// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
    (void) arguments;
    printf("ROOT %d\n", (int) sqrt(8.0 + count));
    return 0;
}
