using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>The runtimes a process has, in the order in which they are asked whether they know a file. Immutable.</summary>
public sealed class RuntimeCatalog
{
    /// <summary>Bytes of a file that a runtime is shown to recognise it.</summary>
    private const int HeadLength = 4096;

    private readonly ImmutableArray<IRuntime> _runtimes;
    private readonly IRuntime? _chosen;

    /// <exception cref="ArgumentException">Two runtimes have one name.</exception>
    public RuntimeCatalog(params IRuntime[] runtimes)
    {
        _runtimes = [.. runtimes];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var runtime in runtimes)
        {
            if (!names.Add(runtime.Name)) throw new ArgumentException($"two runtimes are called '{runtime.Name}'", nameof(runtimes));
        }
    }

    private RuntimeCatalog(IRuntime chosen) : this([chosen]) => _chosen = chosen;

    /// <summary>One runtime alone, whatever packages name: it takes every file that it recognises, so that opening says what of it cannot run.</summary>
    /// <exception cref="ModelException">There is none of this name.</exception>
    public RuntimeCatalog Only(string name) => new(Find(name));

    public IEnumerable<string> Names => _runtimes.Select(r => r.Name);

    /// <summary>Every format with its runtime: <c>onnx (onnxruntime)</c>.</summary>
    public IEnumerable<string> Formats => _runtimes.SelectMany(r => r.Formats.Select(f => f == r.Name ? f : $"{f} ({r.Name})"));

    /// <exception cref="ModelException">There is none of this name; the message lists those there are.</exception>
    public IRuntime Find(string name) =>
        TryFind(name) ?? throw new ModelException($"no runtime is called '{name}'; there are: {string.Join(", ", Names)}");

    /// <summary>The first runtime that recognises the file by its name and its first bytes, and does not decline it then.</summary>
    /// <exception cref="ModelException">None does, or the file cannot be read.</exception>
    public IRuntime Detect(string path) =>
        TryDetect(path) ?? throw new ModelException($"{path}: no runtime recognises this file; understood are: {string.Join(", ", Formats)}. If it is one of these, name its runtime in model.yaml: runtime: NAME");

    internal IRuntime? TryFind(string name)
    {
        if (_chosen is not null) return _chosen;
        foreach (var runtime in _runtimes)
        {
            if (runtime.Name == name) return runtime;
        }
        return null;
    }

    /// <inheritdoc cref="Detect"/>
    /// <returns>null when none recognises the file.</returns>
    /// <exception cref="ModelException">The file cannot be read.</exception>
    public IRuntime? TryDetect(string path)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        head = head[..ReadHead(path, head)];
        var name = Path.GetFileName(path);
        foreach (var runtime in _runtimes)
        {
            if (runtime.CanOpen(name, head) && (runtime == _chosen || runtime.Accepts(path))) return runtime;
        }
        return null;
    }

    private static int ReadHead(string path, Span<byte> head)
    {
        try
        {
            if (FileContent.IsEmpty(path)) return 0;
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, head, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
