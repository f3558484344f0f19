using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Connectors;

/// <summary>A temporary folder of a use case, with a connector context for it.</summary>
public sealed class UseCaseFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-");

    public string Path => _folder.FullName;

    public ConnectorContext Context => new("plant", Path, TimeProvider.System, Secrets.FromMachine, NullLogger.Instance);

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
    }

    public void Append(string file, string text) => File.AppendAllText(this[file], text);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Values of one column as text, for short assertions.</summary>
    public static string Column(Batch rows, string name)
    {
        var tensor = rows[name];
        return string.Join(' ', Enumerable.Range(0, tensor.Rows).Select(i => tensor.IsMissing(i) ? "-"
            : tensor.Type == ElementType.Bytes ? tensor.GetText(i)
            : tensor.Type == ElementType.Int64 ? tensor.Values<long>()[i].ToString()
            : tensor.NumberAt(i).ToString()));
    }
}
