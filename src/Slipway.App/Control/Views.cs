using System.Collections.Immutable;
using Slipway.App.Api;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.App.Control;

/// <summary>Registry facts and serving states as the API shows them.</summary>
public static class Views
{
    private static readonly TimeSpan UsageWindow = TimeSpan.FromMinutes(1);

    /// <param name="host">What is being served; null when nothing is (a data folder without a server).</param>
    public static ModelView Model(RegistrySnapshot snapshot, string name, ModelHost? host)
    {
        var versions = snapshot.Versions.Where(v => v.Name == name).OrderByDescending(v => v.Version).ToArray();
        if (versions.Length == 0) throw new NotFoundException($"no model is called '{name}'; register one with: slipway push {name} PATH");
        var served = host?.Current.Find(name);
        return new ModelView(
            name, versions[0].Version, snapshot.Aliases.GetValueOrDefault(name, ImmutableDictionary<string, int>.Empty),
            host is null ? "not-loaded" : served?.Default.Serving is not null ? "ready" : StateOf(served?.FindVersion(served.Default.Target)),
            served?.Default.Note,
            [.. versions.Select(v => Version(v, served?.FindVersion(v.Version)))]);
    }

    public static IReadOnlyList<ModelView> Models(RegistrySnapshot snapshot, ModelHost? host) =>
        [.. snapshot.Versions.Select(v => v.Name).Distinct().Order(StringComparer.Ordinal).Select(name => Model(snapshot, name, host))];

    /// <summary>The last minute; null when nothing was called.</summary>
    public static UsageView? Usage(RollingMetrics? metrics)
    {
        if (metrics is null) return null;
        var window = metrics.Over(UsageWindow);
        return window.Calls + window.Errors == 0 ? null : new UsageView(
            window.Calls, window.Rows, window.Errors, window.Mean.TotalMilliseconds, window.P50.TotalMilliseconds, window.P99.TotalMilliseconds);
    }

    public static PushAnswer Push(ModelVersion version, string? alias) =>
        new(version.Name, version.Version, version.Digest, version.Runtime, version.Format, version.Parity, alias);

    private static VersionView Version(ModelVersion version, ServedVersion? served) => new(
        version.Version, version.Digest, version.Runtime, version.Format,
        Tensors(version.Signature.Inputs), Tensors(version.Signature.Outputs), version.Files.Sum(f => f.Size),
        version.Lineage, version.Parity, version.CreatedAt, version.CreatedBy, StateOf(served), served?.Status.Reason, Usage(served?.Metrics));

    private static string StateOf(ServedVersion? version) => version is null ? "not-loaded" : version.Status.State.ToString().ToLowerInvariant();

    private static IReadOnlyList<TensorView> Tensors(ImmutableArray<TensorSpec> specs) =>
        [.. specs.Select(s => new TensorView(s.Name, s.Type.ProtocolName, s.Shape, s.Optional, s.Columns))];
}
