namespace Slipway.App.Demo;

/// <summary>
/// Appends the machine's rows to a CSV file, a few a second, as a controller beside a machine would. The file is its only memory:
/// started again, it goes on with the row after the last whole line.
/// </summary>
/// <param name="path">The file; made with its header when it is not there.</param>
public sealed class MachineFeed(string path, int seed, long driftAfter, TimeProvider time)
{
    private const int FirstRows = 100;
    private const int SensorErrorEvery = 250;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var written = Repair();
        var machine = new MillingMachine(seed, driftAfter);
        for (var i = 0L; i < written; i++) machine.Next();
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await using var writer = new StreamWriter(file) { NewLine = "\n" };
        if (file.Length == 0) await writer.WriteLineAsync(MillingMachine.Header);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var rows = written == 0 ? FirstRows : 1;
            for (var i = 0; i < rows; i++, written++) await writer.WriteLineAsync(Line(machine.Next()));
            await writer.FlushAsync(cancellation);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    // Now and then the torque sensor fails, so that there is something in quarantine to look at.
    private string Line(MillingMachine.Row row)
    {
        var line = row.ToCsv(time.GetUtcNow());
        return row.Id % SensorErrorEvery == SensorErrorEvery - 1 ? line.Replace($",{row.Torque:0.0},", ",ERR,", StringComparison.Ordinal) : line;
    }

    /// <summary>Cuts a line torn by a crash and counts the rows that are whole.</summary>
    private long Repair()
    {
        if (!File.Exists(path)) return 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var buffer = new byte[1 << 16];
        long lines = 0, position = 0, end = 0;
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != (byte)'\n') continue;
                lines++;
                end = position + i + 1;
            }
            position += read;
        }
        file.SetLength(end);
        return Math.Max(0, lines - 1);
    }
}
