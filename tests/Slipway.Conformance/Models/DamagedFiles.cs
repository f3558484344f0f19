using Slipway.Core;

namespace Slipway.Conformance.Models;

/// <summary>Damages a model file in a temporary folder and demands a clear error each time.</summary>
public static class DamagedFiles
{
    /// <summary>A missing file, an empty one, and one cut short at every tenth part: <see cref="ModelException"/> from Open and Describe.</summary>
    /// <exception cref="ConformanceException">A damaged file was accepted, or failed in another way.</exception>
    public static void Check(IRuntime runtime, string path)
    {
        var bytes = File.ReadAllBytes(path);
        var folder = Directory.CreateTempSubdirectory("slipway-damaged-");
        try
        {
            var damaged = Path.Combine(folder.FullName, Path.GetFileName(path));
            DemandRefused(runtime, damaged, "a file that does not exist");
            for (var tenth = 0; tenth < 10; tenth++)
            {
                File.WriteAllBytes(damaged, bytes.AsSpan(0, (int)(bytes.LongLength * tenth / 10)));
                DemandRefused(runtime, damaged, $"a file cut to {tenth * 10} %");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void DemandRefused(IRuntime runtime, string path, string what)
    {
        Demand("Open", () => runtime.Open(path, RuntimeOptions.Default).Dispose());
        Demand("Describe", () => runtime.Describe(path));

        void Demand(string verb, Action action)
        {
            try
            {
                action();
            }
            catch (ModelException)
            {
                return;
            }
            catch (Exception e)
            {
                throw new ConformanceException($"{verb} of {what}: ModelException expected, found {e.GetType().Name}: {e.Message}");
            }
            throw new ConformanceException($"{verb} of {what}: ModelException expected, found no error");
        }
    }
}
