namespace Ciel.Simulation;

/// <summary>A clock that moves only when the simulation has nothing else to do, and then straight to the next timer.</summary>
internal sealed class VirtualTime(World world, long begin) : TimeProvider
{
    private readonly PriorityQueue<Alarm, (long Due, long Order)> _alarms = new();
    private long _order;

    /// <summary>Ticks (100 ns) since the beginning of the first day.</summary>
    public long Ticks { get; private set; } = begin;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // A timer rings in the process that set it: a dead one's rings nowhere, a paused one's late.
        var lane = SynchronizationContext.Current as Lane ?? world.Network;
        var alarm = new Alarm(this, lane, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves to the next timer and fires it; whether there was one before the limit.</summary>
    public bool Advance(long limitTicks)
    {
        while (_alarms.TryPeek(out var alarm, out var at))
        {
            if (at.Due > limitTicks)
            {
                return false;
            }

            _alarms.Dequeue();
            if (alarm.Takes(at.Order))
            {
                Ticks = Math.Max(Ticks, at.Due);
                alarm.Fire();
                return true;
            }
        }

        return false;
    }

    private sealed class Alarm(VirtualTime time, Lane lane, TimerCallback callback, object? state) : ITimer
    {
        private long _current;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            _current = ++time._order;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time._alarms.Enqueue(this, (time.Ticks + Math.Max(0, dueTime.Ticks), _current));
            }

            return true;
        }

        // A timer that was changed or disposed since leaves an old entry in the queue.
        public bool Takes(long order) => order == _current;

        public void Fire()
        {
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }
            else
            {
                _current = 0;
            }

            lane.Post(_ => callback(state), null);
        }

        public void Dispose() => _current = 0;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
