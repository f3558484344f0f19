using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Serving;

public sealed partial class ModelHost
{
    /// <summary>How many earlier versions a name falls back to when this process has never served a good one for it.</summary>
    private const int Fallbacks = 5;

    /// <summary>Brings what is there to what is wanted, as far as it can be done now; called under the gate after every change of either.</summary>
    private void Reconcile()
    {
        if (_seen is null || _stopping.IsCancellationRequested) return;
        var wanted = WantedModels.Of(_seen);
        var keep = new HashSet<ServedVersion>();
        var models = new List<ServedModel>(wanted.Count);
        foreach (var model in wanted.Values)
        {
            foreach (var version in model.Versions) keep.Add(Ensure(version));
            var aliases = model.Aliases.Select(alias => Resolve(alias.Key, alias.Value, model.Name, keep)).ToArray();
            var bare = model.Aliases.ContainsKey(WantedModels.DefaultAlias)
                ? aliases.First(route => route.Alias == WantedModels.DefaultAlias) with { Alias = "" }
                : Resolve("", model.Default, model.Name, keep);
            if (bare.Serving is not null) _lastGood[(model.Name, "")] = bare.Serving;
            models.Add(new ServedModel(model.Name, bare, aliases, [.. keep.Where(v => v.Version.Name == model.Name).OrderBy(v => v.Version.Version)]));
        }
        foreach (var key in _lastGood.Keys.Where(key => !IsRouted(wanted, key)).ToArray()) _lastGood.Remove(key);

        var unwanted = _versions.Where(v => !keep.Contains(v.Value)).ToArray();
        var drained = new List<ServedVersion>();
        foreach (var (key, version) in unwanted)
        {
            _versions.Remove(key);
            if (version.Status.State != VersionState.Ready) continue;
            _draining.Add(version);
            drained.Add(version);
        }
        _current = new ServingSnapshot(models, [.. _draining], registryRead: true);
        foreach (var version in drained) version.Drain();
        Settle();
    }

    private static bool IsRouted(ImmutableSortedDictionary<string, WantedModel> wanted, (string Model, string Alias) key) =>
        wanted.TryGetValue(key.Model, out var model) && (key.Alias.Length == 0 || model.Aliases.ContainsKey(key.Alias));

    private Route Resolve(string alias, int target, string model, HashSet<ServedVersion> keep)
    {
        var wanted = _versions[(model, target)];
        if (wanted.Status.State == VersionState.Ready)
        {
            _lastGood[(model, alias)] = wanted;
            return new Route(alias, target, wanted, null);
        }
        var failed = wanted.Status.State == VersionState.Failed;
        var why = failed ? $"version {target} failed: {wanted.Status.Reason}" : $"version {target} is loading";
        var fallback = _lastGood.GetValueOrDefault((model, alias)) ?? (failed ? FallBack(alias, target, model, keep) : null);
        if (fallback is null) return new Route(alias, target, null, why + "; no version answers");
        keep.Add(fallback);
        return fallback.Status.State == VersionState.Ready
            ? new Route(alias, target, fallback, $"{why}; version {fallback.Number} answers")
            : new Route(alias, target, null, $"{why}; version {fallback.Number} is loading in its place");
    }

    /// <summary>The first version that has not failed among those the alias meant before, or, for a bare name, the older versions.</summary>
    private ServedVersion? FallBack(string alias, int target, string model, HashSet<ServedVersion> keep)
    {
        var versions = _seen!.Versions.Where(v => v.Name == model && v.Version != target).ToDictionary(v => v.Version);
        var earlier = alias.Length == 0
            ? versions.Keys.OrderDescending()
            : _registry.History(model).Where(change => change.Alias == alias && change.From is not null).Select(change => change.From!.Value);
        foreach (var number in earlier.Distinct().Where(versions.ContainsKey).Take(Fallbacks))
        {
            var version = Ensure(versions[number]);
            keep.Add(version); // Failed ones too: forgotten, they would be tried for ever.
            if (version.Status.State == VersionState.Failed) continue;
            if (version.Status.State == VersionState.Ready) _lastGood[(model, alias)] = version;
            return version;
        }
        return null;
    }

    private ServedVersion Ensure(ModelVersion version)
    {
        var key = (version.Name, version.Version);
        if (_versions.TryGetValue(key, out var served)) return served;
        served = new ServedVersion(version, _metrics.GetOrAdd(version.Name, static (_, time) => new RollingMetrics(time), _time), _time) { Unloaded = OnUnloaded };
        _versions.Add(key, served);
        _toLoad.Enqueue(served);
        _loading++;
        if (_settled.Task.IsCompleted) _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_loaders < _options.ConcurrentLoads)
        {
            _loaders++;
            new Thread(LoadQueued) { IsBackground = true, Name = "slipway-load" }.Start();
        }
        return served;
    }

    private void LoadQueued()
    {
        while (true)
        {
            ServedVersion version;
            lock (_gate)
            {
                if (!_toLoad.TryDequeue(out version!))
                {
                    _loaders--;
                    return;
                }
            }
            Load(version);
        }
    }

    private void Load(ServedVersion version)
    {
        var start = _time.GetTimestamp();
        IModel? model = null;
        var failure = "";
        var mayRecover = false;
        try
        {
            if (IsWanted(version)) model = _loader.Load(version.Version, _stopping.Token);
        }
        catch (SlipwayException error)
        {
            failure = error.Message;
        }
        catch (Exception error)
        {
            failure = $"{error.GetType().Name}: {error.Message}";
            mayRecover = true;
        }
        lock (_gate)
        {
            _loading--;
            if (!IsWanted(version) || _stopping.IsCancellationRequested)
            {
                model?.Dispose();
                Settle();
                return;
            }
            if (model is not null)
            {
                version.BecomeReady(model);
                LogReady(version, _time.GetElapsedTime(start));
            }
            else
            {
                version.BecomeFailed(failure, mayRecover);
                LogFailed(version, failure);
            }
            Reconcile();
        }
    }

    private bool IsWanted(ServedVersion version)
    {
        lock (_gate) return _versions.TryGetValue((version.Version.Name, version.Version.Version), out var current) && ReferenceEquals(current, version);
    }

    private void OnUnloaded(ServedVersion version)
    {
        lock (_gate)
        {
            _draining.Remove(version);
            var models = _current.Models;
            if (!_stopping.IsCancellationRequested) _current = new ServingSnapshot(models, [.. _draining], _current.RegistryRead);
        }
        LogUnloaded(version);
    }

    private void Settle()
    {
        if (_loading == 0 && _seen is not null) _settled.TrySetResult();
    }
}
