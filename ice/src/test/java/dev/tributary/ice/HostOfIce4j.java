// SPDX-License-Identifier: Apache-2.0
package dev.tributary.ice;

import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/** A program that uses a {@link GatheringAgent} and says what of its own configuration is not as it was before. */
final class HostOfIce4j {
    private HostOfIce4j() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> before = configuration();
        IceAgent agent = GatheringAgent.builder(IceRole.CONTROLLING, (datagram, source) -> {}, () -> {})
                .server(IceServer.stun("stun:127.0.0.1:9"))
                .build();
        IceEvent event;
        do {
            event = agent.pollEvent();
        } while (!(event instanceof IceEvent.CandidateGathered || event instanceof IceEvent.GatheringEnded));
        agent.close();
        Map<String, Object> after = configuration();
        after.forEach((name, value) -> {
            if (!Objects.equals(value, before.get(name))) {
                System.out.println("CHANGED " + name + " is " + value + ", was " + before.get(name));
            }
        });
        System.out.println("DONE");
        System.exit(0);
    }

    private static Map<String, Object> configuration() throws Exception {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time zone", TimeZone.getDefault()); // first: asking for it sets a property
        System.getProperties().forEach((name, value) -> {
            String key = name.toString();
            // Its own names, but of those nothing that the host has set.
            if (!key.startsWith("org.ice4j.") || key.equals("org.ice4j.SOFTWARE")) {
                all.put("property " + key, value);
            }
        });
        all.put("root logger", Logger.getLogger("").getLevel());
        all.put("handlers", Arrays.toString(Logger.getLogger("").getHandlers()));
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            all.put("level of " + handler.getClass(), handler.getLevel());
            all.put(
                    "form of " + handler.getClass(),
                    String.valueOf(handler.getFormatter().getClass()));
        }
        all.put("log manager", LogManager.getLogManager().getClass());
        all.put("providers", Arrays.toString(Security.getProviders()));
        all.put("TLS", SSLContext.getDefault());
        all.put("locale", Locale.getDefault());
        all.put("uncaught", String.valueOf(Thread.getDefaultUncaughtExceptionHandler()));
        return new TreeMap<>(all);
    }
}
