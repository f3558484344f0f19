using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slipway.EndToEnd.Harness;

/// <summary>A real process with its output kept line by line. Disposing kills it and whatever it started.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Interrupt = 2;

    /// <summary>Far beyond what anything here takes on a busy machine: reaching it is a failure, never a measurement.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];

    private ChildProcess(Process process) => _process = process;

    public string CommandLine { get; private init; } = "";

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Read(_output);

    public string Error => Read(_error);

    /// <summary>What failure messages show.</summary>
    public string Transcript => $"$ {CommandLine}\n{Output}{Error}{(HasExited ? $"(exit code {_process.ExitCode})" : "(still running)")}";

    /// <param name="environment">On top of this process's own, of which nothing of Slipway's is passed on.</param>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SLIPWAY_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start }) { CommandLine = string.Join(' ', start.ArgumentList.Prepend(file)) };
        child._process.OutputDataReceived += (_, line) => Keep(child._output, line.Data);
        child._process.ErrorDataReceived += (_, line) => Keep(child._error, line.Data);
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for the end and for the last line of output; returns the exit code.</summary>
    public async Task<int> WaitAsync()
    {
        using var late = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            var transcript = Transcript;
            Kill();
            throw new TimeoutException($"it did not end within {Deadline}:\n{transcript}");
        }
        return _process.ExitCode;
    }

    /// <summary>kill -9, for it and its children.</summary>
    public void Kill()
    {
        if (!HasExited) _process.Kill(entireProcessTree: true);
    }

    /// <summary>Ctrl+C; returns the exit code.</summary>
    public Task<int> InterruptAsync()
    {
        if (!HasExited && Signal(_process.Id, Interrupt) != 0) throw new InvalidOperationException($"{CommandLine} could not be interrupted");
        return WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Add(line);
    }

    private static string Read(List<string> lines)
    {
        lock (lines) return string.Concat(lines.Select(line => line + "\n"));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
