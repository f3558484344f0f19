using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Slipway.Benchmarks;

// --allocations [--update]: exact bytes per operation against bench/allocations.json. Anything else goes to BenchmarkDotNet: --filter '*', --list flat, …
if (args is ["--allocations", .. var rest]) return AllocationGate.Run(update: rest is ["--update"]);

// In process: the generated project of the default toolchain would need a restore.
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(200)));
BenchmarkSwitcher.FromAssembly(typeof(AllocationGate).Assembly).Run(args, config);
return 0;
