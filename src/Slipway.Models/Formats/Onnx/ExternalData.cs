using Slipway.Core;

namespace Slipway.Models.Formats.Onnx;

/// <summary>The files beside a model that hold its large tensors. They lie in the model's folder; nothing outside of it is ever opened.</summary>
/// <param name="folder">The model's folder; null for a model that came without one.</param>
internal sealed class ExternalData(string? folder)
{
    /// <summary>Tensors of fewer bytes are copied, so that they do not keep the file mapped.</summary>
    private const int MappedFrom = 64 << 10;

    private readonly Dictionary<string, MappedFile> _files = new(StringComparer.Ordinal);
    private long _copied;

    /// <summary>The bytes of one tensor.</summary>
    /// <param name="location">The file, relative to the model's folder.</param>
    /// <exception cref="ModelException">The file is absent, too short, or outside of the folder.</exception>
    public Memory<byte> Read(string location, long offset, long length)
    {
        if (length > Array.MaxLength) throw new ModelException($"external data of {length} bytes is more than one tensor can hold");
        var path = PathOf(location);
        if (length == 0) return default;
        if (!_files.TryGetValue(location, out var file))
        {
            if (!File.Exists(path)) throw new ModelException($"the external data '{location}' is absent: {path} does not exist; it belongs beside the model");
            if (new FileInfo(path).Length == 0) throw new ModelException($"the external data '{location}' is empty, {length} bytes at {offset} were expected");
            _files.Add(location, file = MappedFile.Open(path));
        }
        if (offset < 0 || offset > file.Length - length) throw new ModelException($"the external data '{location}' has {file.Length} bytes, {length} bytes at {offset} were expected");
        var bytes = file.Slice(offset, (int)length);
        // No more in all than there is: many tensors may ask for the same bytes.
        if (length >= MappedFrom || _copied + length > file.Length) return bytes;
        _copied += length;
        return bytes.ToArray();
    }

    private string PathOf(string location)
    {
        if (folder is null) throw new ModelException($"the tensor's values are in the file '{location}', and this model did not come from a folder");
        if (location.Length == 0) throw new ModelException("external data without a location");
        var parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location.Contains(':') || location.Contains('\0') || parts.Contains("..")) throw new ModelException($"the external data '{location}' is not inside the model's folder");
        var path = Path.GetFullPath(folder);
        foreach (var part in parts)
        {
            if (part is "" or ".") continue;
            path = Path.Combine(path, part);
            // a link can lead anywhere, and models come from others
            if (new FileInfo(path).LinkTarget is not null) throw new ModelException($"the external data '{location}' is behind the link {path}; links are not followed, put the file itself beside the model");
        }
        return path;
    }
}
