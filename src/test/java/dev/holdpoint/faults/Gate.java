package dev.holdpoint.faults;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers jobs that wait for a decision, so that all the decisions can be made in
 * the very moment when something breaks.
 */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean closed;
    private int waiting;

    void pass() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            while (closed) opened.await();
            waiting--;
        } finally {
            lock.unlock();
        }
    }

    void close() { set(true); }

    void open() { set(false); }

    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void set(boolean nowClosed) {
        lock.lock();
        try {
            closed = nowClosed;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
