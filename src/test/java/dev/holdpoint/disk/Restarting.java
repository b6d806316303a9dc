package dev.holdpoint.disk;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

import dev.holdpoint.disk.Disks.Reopened;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;

/**
 * Something that is closed and opened anew from its disk before each call, unless another call is under way or somebody
 * listens: whatever it promises must hold over restarts.
 */
public final class Restarting<S> implements AutoCloseable {
    private final Reopened disk = new Reopened();
    private final Function<Disk, S> opening;
    private S open;
    private int underWay;
    private boolean heard;

    public Restarting(Function<Disk, S> opening) {
        this.opening = opening;
        this.open = opening.apply(disk.disk());
    }

    public <P> P port(Class<P> type, Function<S, P> one) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, arguments) -> answer(one, method, arguments)));
    }

    private <P> Object answer(Function<S, P> one, Method method, Object[] arguments) {
        if (method.getReturnType() == Uni.class) {
            return Uni.createFrom().deferred(() -> (Uni<?>) call(one.apply(begin()), method, arguments))
                    .onTermination().invoke(this::end);
        }
        return call(one.apply(method.getReturnType() == Multi.class ? listen() : now()), method, arguments);
    }

    /** As it is open now. */
    public synchronized S now() {
        return open;
    }

    private synchronized S listen() {
        heard = true;
        return open;
    }

    private synchronized S begin() {
        if (underWay++ == 0 && !heard) open = opening.apply(disk.again());
        return open;
    }

    private synchronized void end() { underWay--; }

    private static Object call(Object port, Method method, Object[] arguments) {
        try {
            return method.invoke(port, arguments);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        disk.close();
    }
}
