using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace Slipway.Benchmarks;

/// <summary>Runs one measurement of this program in a process of its own, in which nothing has been compiled, read or allocated before.</summary>
internal static class FreshProcess
{
    /// <summary>Nothing that is measured takes so long on any machine: whatever does has hung.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs this program with a hidden argument, for which it calls <see cref="Report(double)"/>.</summary>
    /// <returns>The number it prints.</returns>
    /// <inheritdoc cref="CostOf(string[], string)"/>
    public static double Measure(string[] arguments) => double.Parse(Run(arguments, ""), CultureInfo.InvariantCulture);

    /// <summary>Runs this program with a hidden argument, for which it calls <see cref="Report(Action)"/>.</summary>
    /// <param name="input">Given to the process on its standard input.</param>
    /// <exception cref="InvalidOperationException">It failed or hung; the message is what it said.</exception>
    public static Cost CostOf(string[] arguments, string input = "") => Cost.Parse(Run(arguments, input));

    public static void Report(double number) => Console.Out.Write(number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>In the fresh process: does the work, and prints what it cost.</summary>
    public static int Report(Action work)
    {
        Console.Out.Write(CostOf(work).ToString());
        return 0;
    }

    /// <summary>What work costs this process.</summary>
    public static Cost CostOf(Action work)
    {
        var (methods, cpu, start) = (JitInfo.GetCompiledMethodCount(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        work();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var used = Environment.CpuUsage.TotalTime - cpu;
        return new Cost(elapsed.TotalMilliseconds, used.TotalMilliseconds, JitInfo.GetCompiledMethodCount() - methods);
    }

    /// <summary>Whether the engine was compiled ahead of time, which decides what a first call costs; a line for the head of a report.</summary>
    public static string Describe(System.Reflection.Assembly engine)
    {
        using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(engine.Location));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0 ? "compiled ahead of time (ReadyToRun)" : "compiled just in time: publish with -p:PublishReadyToRun=true for what ./slipway runs";
    }

    private static string Run(string[] arguments, string input)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FreshProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all; its words say why.
        }
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"no end after {Patience.TotalSeconds} s");
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"exit code {process.ExitCode}: {errors.Result.Trim()}");
        return output.Result;
    }
}

/// <summary>What a piece of work cost a process.</summary>
/// <param name="Milliseconds">By the clock.</param>
/// <param name="CpuMilliseconds">Of all threads, in the program and in the system: what other processes on the machine take is not in it.</param>
/// <param name="Methods">That were compiled just in time.</param>
internal readonly record struct Cost(double Milliseconds, double CpuMilliseconds, long Methods)
{
    public static Cost Parse(string text)
    {
        var parts = text.Split(' ');
        return new Cost(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>The least of each, because others on the machine only ever add.</summary>
    public static Cost Least(IReadOnlyCollection<Cost> costs) => new(costs.Min(c => c.Milliseconds), costs.Min(c => c.CpuMilliseconds), costs.Min(c => c.Methods));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:R} {CpuMilliseconds:R} {Methods}");
}
