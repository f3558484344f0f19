namespace Slipway.Conformance.Onnx;

/// <summary>Runs a case in a thread of its own, so that one that hangs is one failure and not the end of the run.</summary>
internal static class TimeLimit
{
    /// <summary>Deep enough for the deepest graphs that are read.</summary>
    private const int StackBytes = 16 << 20;

    /// <param name="run">Is asked to stop when the time is over; it may also be left behind.</param>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public static T Run<T>(TimeSpan limit, Func<CancellationToken, T> run)
    {
        using var over = new CancellationTokenSource();
        var (result, fault) = (default(T), (Exception?)null);
        var thread = new Thread(() =>
        {
            try
            {
                result = run(over.Token);
            }
            catch (Exception e)
            {
                fault = e;
            }
        }, StackBytes) { IsBackground = true };
        thread.Start();
        if (!thread.Join(limit))
        {
            over.Cancel();
            thread.Join(TimeSpan.FromSeconds(1));
            throw new TimeoutException($"not done after {limit.TotalSeconds:0} s");
        }
        if (fault is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        return result!;
    }
}
