// SPDX-License-Identifier: Apache-2.0
package dev.tributary.srtp.internal.transform;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** How members of {@code com.sun.crypto.provider} are reached when the JVM was told to open that package to us. */
final class JdkInternals {
    private static final String PACKAGE = "com.sun.crypto.provider.";

    private JdkInternals() {}

    /** May look into a class of the package. */
    static MethodHandles.Lookup open(String name) throws ReflectiveOperationException {
        return MethodHandles.privateLookupIn(Class.forName(PACKAGE + name), MethodHandles.lookup());
    }

    /** A method of the class, with {@code Object} for its receiver: we cannot name the class. */
    static MethodHandle method(MethodHandles.Lookup owner, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        MethodHandle method = owner.findVirtual(owner.lookupClass(), name, MethodType.methodType(result, parameters));
        return method.asType(method.type().changeParameterType(0, Object.class));
    }

    /** The value of a field, with {@code Object} for its owner. */
    static MethodHandle getter(MethodHandles.Lookup owner, String name, Class<?> type)
            throws ReflectiveOperationException {
        return owner.findGetter(owner.lookupClass(), name, type).asType(MethodType.methodType(type, Object.class));
    }

    /** What to throw for what a handle threw. */
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }
}
