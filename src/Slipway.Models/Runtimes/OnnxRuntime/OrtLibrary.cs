using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.OnnxRuntime;

/// <summary>Finds and loads the native ONNX Runtime. Nothing is loaded until a model asks for it.</summary>
internal static class OrtLibrary
{
    /// <summary>Names the library file outright, ahead of every other place.</summary>
    public const string PathVariable = "SLIPWAY_ONNXRUNTIME";

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <exception cref="ModelException">The library is not on this machine; the message says how to bring it.</exception>
    public static nint Handle => Loaded.Value;

    /// <summary>How to bring the library to this machine.</summary>
    public const string Remedy = "bring it with 'npm ci --ignore-scripts' in the folder native/, or name the library file in the environment variable " + PathVariable;

    /// <summary>Whether the library is here and loads: where <see cref="Find"/> finds nothing, the system's loader is asked.</summary>
    public static bool IsLoadable
    {
        get
        {
            try
            {
                return Handle != 0;
            }
            catch (ModelException)
            {
                return false;
            }
        }
    }

    /// <summary>The library file that would be loaded, or null when only the system's loader could find one.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named) return named;
        var file = NpmFile();
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var candidate in new[] { Path.Combine(folder.FullName, "native", file), Path.Combine(folder.FullName, Path.GetFileName(file)) })
            {
                if (File.Exists(candidate)) return candidate;
            }
        }
        return null;
    }

    private static nint Load()
    {
        var path = Find() ?? Path.GetFileName(NpmFile());
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new ModelException(
                $"the onnxruntime runtime needs the native library {Path.GetFileName(path)}, which could not be loaded: {Remedy}. ({e.Message})", e);
        }
    }

    private static string NpmFile()
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var (system, file) =
            OperatingSystem.IsWindows() ? ("win32", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("darwin", "libonnxruntime.1.dylib")
            : ("linux", "libonnxruntime.so.1");
        return Path.Combine("node_modules", "onnxruntime-node", "bin", "napi-v6", system, architecture, file);
    }
}
