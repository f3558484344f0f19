using System.Text;
using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

/// <summary>A package in a temporary folder, written by a test.</summary>
internal sealed class PackageFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-package-");

    public string Path => _folder.FullName;

    /// <summary>y = 2a − b, in <see cref="TinyRuntime"/>'s format.</summary>
    public static PackageFolder Linear(string? manifest = null)
    {
        var folder = new PackageFolder().Write("model.tiny", "linear 2 -1");
        return manifest is null ? folder : folder.Write("model.yaml", manifest);
    }

    public PackageFolder Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public PackageFolder Write(string path, byte[] content)
    {
        var full = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        return this;
    }

    /// <summary>Recorded rows of <see cref="Linear"/>, with the given outputs.</summary>
    public PackageFolder Record(string name, float[] rows, params float[] outputs)
    {
        using var inputs = new Batch(Tensor.Of("x", rows.AsSpan(), rows.Length / 2, 2));
        using var expected = new Batch(Tensor.Of("y", outputs.AsSpan()));
        using var file = new MemoryStream();
        RecordedRows.Write(file, inputs, expected);
        return Write($"recorded/{name}.json", file.ToArray());
    }

    public string At(string path) => System.IO.Path.Combine(Path, path);

    public ModelPackage Open() => ModelPackage.Open(Path, TinyRuntime.Catalog);

    public ParityReport Verify()
    {
        var package = Open();
        using var model = package.Load();
        return package.Verify(model);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
