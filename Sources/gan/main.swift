import GANCommands

limitSpinning()
await runCommandLine()
