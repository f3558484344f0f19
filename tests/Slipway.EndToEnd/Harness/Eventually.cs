namespace Slipway.EndToEnd.Harness;

/// <summary>Waits for what must come true, however long the machine takes within a generous deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, Func<string>? details = null)
    {
        using var late = new CancellationTokenSource(ChildProcess.Deadline);
        while (!await condition())
        {
            if (late.IsCancellationRequested) Assert.Fail($"{what}: not within {ChildProcess.Deadline}\n{details?.Invoke()}");
            await Task.Delay(Pause);
        }
    }

    public static Task HoldsAsync(string what, Func<bool> condition, Func<string>? details = null) => HoldsAsync(what, () => Task.FromResult(condition()), details);
}
