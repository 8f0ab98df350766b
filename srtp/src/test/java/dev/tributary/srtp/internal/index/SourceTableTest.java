// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SourceTableTest {
    @Test
    void findsEverySourceThatWasAddedAndNoOther() {
        Random random = new Random(7);
        SourceTable table = new SourceTable();
        Map<Integer, SourceContext> model = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            int ssrc = random.nextBoolean() ? i : random.nextInt();
            assertThat(table.get(ssrc)).isSameAs(model.get(ssrc));
            if (!model.containsKey(ssrc)) {
                SourceContext context = new SourceContext(ssrc, 64, 64, 0);
                table.add(context);
                model.put(ssrc, context);
            }
        }
        model.forEach((ssrc, context) -> assertThat(table.get(ssrc)).isSameAs(context));
        assertThat(table.size()).isEqualTo(model.size());
    }
}
