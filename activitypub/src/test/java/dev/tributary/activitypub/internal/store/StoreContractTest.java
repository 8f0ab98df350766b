// SPDX-License-Identifier: Apache-2.0
package dev.tributary.activitypub.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.activitypub.Stores;
import dev.tributary.activitypub.spi.QueuedItem;
import dev.tributary.activitypub.spi.Store;
import dev.tributary.activitypub.spi.Store.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of stores, shown for each of ours. */
class StoreContractTest {
    @Nested
    class InMemory extends Contract {
        @Override
        Store open() {
            return Stores.memory();
        }
    }

    @Nested
    class InAnH2File extends Contract {
        @TempDir
        private Path directory;

        @Override
        Store open() {
            return Stores.file(directory.resolve("store"));
        }

        @Test
        void keepsEverythingBeyondItsClose() {
            run(tx -> tx.put("c", "k", "{}"));
            run(tx -> tx.enqueue(item("a", "lane", "", 0, 5)));
            store.close();

            store = open();

            run(tx -> assertThat(tx.get("c", "k")).isEqualTo("{}"));
            run(tx -> assertThat(tx.due("q", 5, Set.of(), 10)).containsExactly(item("a", "lane", "", 0, 5)));
        }
    }

    abstract static class Contract {
        Store store;

        abstract Store open();

        @BeforeEach
        void openStore() {
            store = open();
        }

        @AfterEach
        void closeStore() {
            store.close();
            store.close();
        }

        void run(Consumer<Store.Transaction> work) {
            store.transact(tx -> {
                work.accept(tx);
                return true;
            });
        }

        static QueuedItem item(String id, String lane, String subject, int priority, long due) {
            return new QueuedItem("q", id, lane, subject, "", priority, 0, due, Long.MAX_VALUE, "h", "body");
        }

        List<String> due(long now, String... busy) {
            return store.transact(tx -> tx.due("q", now, Set.of(busy), 10)).stream()
                    .map(QueuedItem::id)
                    .toList();
        }

        @Test
        void putsReplacesListsAndRemoves() {
            run(tx -> {
                tx.put("c", "b", "1");
                tx.put("c", "a", "2");
                tx.put("c", "b", "3");
                tx.put("other", "z", "4");
            });

            run(tx -> {
                assertThat(tx.list("c", "", 10)).containsExactly(new Entry("a", "2"), new Entry("b", "3"));
                assertThat(tx.list("c", "a", 10)).containsExactly(new Entry("b", "3"));
                assertThat(tx.list("c", "", 1)).containsExactly(new Entry("a", "2"));
                assertThat(tx.count("c")).isEqualTo(2);
                assertThat(tx.remove("c", "a")).isTrue();
                assertThat(tx.remove("c", "a")).isFalse();
                assertThat(tx.get("c", "a")).isNull();
            });
        }

        @Test
        void undoesWhatThrows() {
            run(tx -> tx.put("c", "k", "before"));
            run(tx -> tx.enqueue(item("old", "lane", "", 0, 0)));

            assertThatThrownBy(() -> run(tx -> {
                        tx.put("c", "k", "after");
                        tx.put("c", "new", "x");
                        tx.enqueue(item("new", "lane", "", 0, 0));
                        tx.reschedule("q", "old", 3, 99);
                        tx.dequeue("q", "old");
                        throw new IllegalArgumentException("on purpose");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);

            run(tx -> {
                assertThat(tx.get("c", "k")).isEqualTo("before");
                assertThat(tx.get("c", "new")).isNull();
                assertThat(tx.due("q", 0, Set.of(), 10)).containsExactly(item("old", "lane", "", 0, 0));
            });
        }

        @Test
        void takesAnIdOncePerQueue() {
            run(tx -> {
                assertThat(tx.enqueue(item("a", "l", "", 0, 0))).isTrue();
                assertThat(tx.enqueue(item("a", "l", "", 0, 0))).isFalse();
                assertThat(tx.isQueued("q", "a")).isTrue();
                assertThat(tx.isQueued("p", "a")).isFalse();
                assertThat(tx.length("q")).isEqualTo(1);
            });
        }

        @Test
        void givesOneItemPerLaneByPriorityThenOrder() {
            run(tx -> {
                tx.enqueue(item("a1", "a", "", 1, 0));
                tx.enqueue(item("a2", "a", "", 0, 0));
                tx.enqueue(item("b1", "b", "", 0, 0));
                tx.enqueue(item("c1", "c", "", 0, 100));
            });

            assertThat(due(0)).containsExactly("a2", "b1");
            assertThat(due(0, "a")).containsExactly("b1");
            assertThat(due(100, "a", "b")).containsExactly("c1");
        }

        @Test
        void keepsTheOrderOfASubject() {
            run(tx -> {
                tx.enqueue(item("create", "a", "video", 1, 500));
                tx.enqueue(item("update", "a", "video", 0, 0));
                tx.enqueue(item("other", "a", "another", 2, 0));
            });

            assertThat(due(0)).containsExactly("other");
            run(tx -> tx.dequeue("q", "create"));
            assertThat(due(0)).containsExactly("update");
        }

        @Test
        void replacesWhatIsSupersededInItsLaneOnly() {
            run(tx -> {
                tx.enqueue(new QueuedItem("q", "1", "a", "v", "state v", 0, 0, 0, 1, "", ""));
                tx.enqueue(new QueuedItem("q", "2", "b", "v", "state v", 0, 0, 0, 1, "", ""));
                tx.enqueue(new QueuedItem("q", "3", "a", "v", "", 0, 0, 0, 1, "", ""));
                tx.supersede("q", "a", "state v");
            });

            assertThat(due(0)).containsExactly("2", "3");
        }

        @Test
        void reschedules() {
            run(tx -> tx.enqueue(item("a", "l", "", 0, 0)));

            run(tx -> tx.reschedule("q", "a", 2, 50));

            assertThat(due(49)).isEmpty();
            run(tx -> assertThat(tx.due("q", 50, Set.of(), 1).get(0).attempt()).isEqualTo(2));
        }
    }
}
