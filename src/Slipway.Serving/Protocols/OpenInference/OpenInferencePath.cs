namespace Slipway.Serving.OpenInference;

internal enum Operation
{
    Unknown,
    ServerMetadata,
    ServerLive,
    ServerReady,
    ModelMetadata,
    ModelReady,
    Infer,
}

/// <summary>A path below <c>/v2</c>, taken apart without a copy.</summary>
/// <param name="version">A version number or an alias; empty when the path gives none.</param>
internal readonly ref struct OpenInferencePath(Operation operation, ReadOnlySpan<char> name = default, ReadOnlySpan<char> version = default)
{
    public Operation Operation { get; } = operation;

    public ReadOnlySpan<char> Name { get; } = name;

    public ReadOnlySpan<char> Version { get; } = version;

    /// <summary>Whether a path is this protocol's at all: <c>/v2</c> or below it.</summary>
    public static bool IsBelow(ReadOnlySpan<char> path) => path.StartsWith("/v2", StringComparison.Ordinal) && (path.Length == 3 || path[3] == '/');

    public static OpenInferencePath Parse(ReadOnlySpan<char> path)
    {
        var rest = path[3..];
        if (rest is "" or "/") return new OpenInferencePath(Operation.ServerMetadata);
        if (rest is "/health/live") return new OpenInferencePath(Operation.ServerLive);
        if (rest is "/health/ready") return new OpenInferencePath(Operation.ServerReady);
        if (!rest.StartsWith("/models/", StringComparison.Ordinal)) return default;
        var name = Next(ref rest, "/models/".Length);
        if (name.IsEmpty) return default;
        ReadOnlySpan<char> version = default;
        if (rest.StartsWith("/versions/", StringComparison.Ordinal))
        {
            version = Next(ref rest, "/versions/".Length);
            if (version.IsEmpty) return default;
        }
        return rest switch
        {
            "" => new OpenInferencePath(Operation.ModelMetadata, name, version),
            "/infer" => new OpenInferencePath(Operation.Infer, name, version),
            "/ready" => new OpenInferencePath(Operation.ModelReady, name, version),
            _ => default,
        };
    }

    private static ReadOnlySpan<char> Next(scoped ref ReadOnlySpan<char> rest, int start)
    {
        var end = rest[start..].IndexOf('/');
        var segment = end < 0 ? rest[start..] : rest.Slice(start, end);
        rest = end < 0 ? default : rest[(start + end)..];
        return segment;
    }
}
