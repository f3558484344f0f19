namespace Slipway.Storage;

/// <summary>
/// Where unfinished files are: <c>spool/ID/</c>, one folder for each living user of the data folder, beside its lease <c>spool/ID.lock</c>.
/// Opening sweeps what dead processes left and touches nothing of living ones.
/// </summary>
internal sealed class Spool : IDisposable
{
    private readonly Lease lease;
    private readonly string folder;

    public Spool(string root)
    {
        Directory.CreateDirectory(root);
        Lease.Sweep(root, id => Delete(Path.Combine(root, id)));
        lease = Lease.Take(root);
        folder = Path.Combine(root, lease.Id);
        Directory.CreateDirectory(folder);
    }

    /// <summary>A path that nothing has yet.</summary>
    public string NewPath() => Path.Combine(folder, Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        Delete(folder);
        lease.Dispose();
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
