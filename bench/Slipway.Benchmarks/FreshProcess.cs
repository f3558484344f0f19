using System.Diagnostics;
using System.Globalization;

namespace Slipway.Benchmarks;

/// <summary>Runs one measurement of this program in a process of its own, in which nothing has been compiled, read or allocated before.</summary>
internal static class FreshProcess
{
    /// <summary>Runs this program with a hidden argument.</summary>
    /// <param name="input">Given to the process on its standard input.</param>
    /// <returns>The number it prints.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static double Measure(string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FreshProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)}: {errors.Result}");
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    public static void Report(double number) => Console.Out.Write(number.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Whether the engine was compiled ahead of time, which decides what a first call costs; a line for the head of a report.</summary>
    public static string Describe(System.Reflection.Assembly engine)
    {
        using var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(engine.Location));
        return image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0 ? "compiled ahead of time (ReadyToRun)" : "compiled just in time: publish with -p:PublishReadyToRun=true for what ./slipway runs";
    }
}
