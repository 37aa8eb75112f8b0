using System.Runtime.Versioning;

// The facts skip themselves elsewhere; the analyser need not ask.
[assembly: SupportedOSPlatform("linux")]
