// SPDX-License-Identifier: Apache-2.0
package dev.tributary.datachannel.internal.rx;

import java.util.ArrayList;
import java.util.List;

/** Neighbouring fragments of one message. Not thread-safe. */
final class FragmentRun {
    private final List<Fragment> fragments = new ArrayList<>(4);
    private int sizeBytes;

    FragmentRun(Fragment only) {
        append(only);
    }

    Fragment first() {
        return fragments.get(0);
    }

    Fragment last() {
        return fragments.get(fragments.size() - 1);
    }

    int count() {
        return fragments.size();
    }

    int sizeBytes() {
        return sizeBytes;
    }

    boolean isWhole() {
        return first().begin() && last().end();
    }

    void append(Fragment fragment) {
        fragments.add(fragment);
        sizeBytes += fragment.payload().length;
    }

    void append(FragmentRun later) {
        fragments.addAll(later.fragments);
        sizeBytes += later.sizeBytes;
    }

    ReceivedMessage message() {
        Fragment first = first();
        byte[] payload = first.payload();
        if (fragments.size() > 1) {
            payload = new byte[sizeBytes];
            int at = 0;
            for (Fragment each : fragments) {
                System.arraycopy(each.payload(), 0, payload, at, each.payload().length);
                at += each.payload().length;
            }
        }
        return new ReceivedMessage(first.stream(), first.number(), first.ppid(), first.unordered(), payload);
    }
}
