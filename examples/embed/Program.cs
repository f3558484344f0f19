// Scores the machine-failure package inside this process: no server, no database, no native library.
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;

var folder = args.Length > 0 ? args[0] : "examples/machine-failure/package";
using var model = ModelPackage.Open(folder, Runtimes.Default).Load();

using var jobs = new Batch(
    Tensor.Of("air_temperature", [300.0, 300.0]),
    Tensor.Of("process_temperature", [310.0, 310.0]),
    Tensor.Of("speed", [1500, 1200]),
    Tensor.Of("torque", [38.0, 65.0]),
    Tensor.Of("tool_wear", [20, 215]),
    Tensor.Of("heat", [10.0, 10.0]),
    Tensor.Of("power", [38 * 1500 * 0.104719755, 65 * 1200 * 0.104719755]),
    Tensor.Of("type_L", [0f, 1f]), Tensor.Of("type_M", [1f, 0f]), Tensor.Of("type_H", [0f, 0f]));
using var answer = model.Score(jobs);

foreach (var risk in answer["prediction"].Values<float>()) Console.WriteLine($"failure risk {risk:p2}");
