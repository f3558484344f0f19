using System.Net;
using System.Net.Sockets;

namespace Slipway.EndToEnd.Harness;

/// <summary>
/// A loopback interface of its own (a Linux network namespace), so that commands with a fixed port can run beside anything.
/// Where the system does not allow one, commands run on the machine's loopback, and the test is skipped when their port is taken.
/// </summary>
internal sealed class PrivateNetwork : IAsyncDisposable
{
    private static readonly string[][] Ways = [["-n"], ["-r", "-n"]];

    private readonly ChildProcess? _holder;
    private readonly string[] _enter;

    private PrivateNetwork(ChildProcess? holder, string[] enter) => (_holder, _enter) = (holder, enter);

    public static async Task<PrivateNetwork> CreateAsync(int port)
    {
        foreach (var way in Ways)
        {
            if (await TryHoldAsync(way) is not { } holder) continue;
            string[] enter = ["nsenter", "-t", $"{holder.Id}", .. way.Contains("-r") ? new[] { "-U", "--preserve-credentials" } : [], "-n", "--"];
            return new PrivateNetwork(holder, enter);
        }
        Assert.SkipUnless(IsFree(port), $"port {port}, which the README's commands use, is taken, and this system allows no network namespace");
        return new PrivateNetwork(null, []);
    }

    public ChildProcess Start(string folder, params string[] command)
    {
        string[] whole = [.. _enter, .. command];
        return ChildProcess.Start(whole[0], whole[1..], folder);
    }

    public ValueTask DisposeAsync() => _holder?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ChildProcess?> TryHoldAsync(string[] way)
    {
        if (!File.Exists("/usr/bin/unshare")) return null;
        var holder = ChildProcess.Start("/usr/bin/unshare", [.. way, "sh", "-c", "PATH=$PATH:/sbin:/usr/sbin; ip link set lo up && echo up && exec sleep infinity"], "/");
        await Eventually.HoldsAsync("unshare succeeds or fails", () => holder.HasExited || holder.Output.Length > 0, () => holder.Transcript);
        if (!holder.HasExited) return holder;
        await holder.DisposeAsync();
        return null;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
