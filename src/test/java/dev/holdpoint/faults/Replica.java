package dev.holdpoint.faults;

import java.nio.file.Path;
import java.util.Map;

import dev.holdpoint.machine.ServiceProcess;

/** A process of the service, and the way into it. */
record Replica(ServiceProcess process, Door door) implements AutoCloseable {
    static Replica start(String name, Map<String, String> settings, Path log) {
        ServiceProcess process = new ServiceProcess(settings, log);
        return new Replica(process, new Door(name, process.port()));
    }

    @Override
    public void close() {
        process.close();
        door.close();
    }
}
